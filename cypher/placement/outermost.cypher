// The last partner of the chain that goes from a partner down one leg and always on by the same leg. Its place there is free, or
// taken since: asking whether it is free would find nobody where somebody stands there by the time it is asked.
// mode: read
// params: partner_id STRING, tree STRING, leg INTEGER
// rows: one
// returns: parent_id STRING
MATCH (:Partner {id: $partner_id}) (()<-[e:PLACED_UNDER WHERE e.tree = $tree AND e.leg = $leg]-()){0,} (x:Partner)
RETURN x.id AS parent_id ORDER BY size(e) DESC LIMIT 1
