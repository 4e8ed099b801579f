// The winners of a contest: the qualified by the metric and the order of ties ([metric, sign], the smallest first; ids settle
// the rest), a prize for each place. A prize that is not money is a thing, kept apart from the lines.
// mode: write
// params: run_id STRING, bonus STRING, numbers INTEGER, conditions INTEGER, qualified INTEGER, metric INTEGER, order LIST<LIST>,
//   prizes LIST<MAP>, currency STRING
// rows: one
// returns: lines INTEGER, things INTEGER
CALL () {
  MATCH (s:Standing) WHERE s.run_id = $run_id AND s.level >= 0
  WITH s.ids AS ids, s.active AS active, s.metrics AS metrics, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND ($qualified < 0 OR holds[i * $conditions + $qualified])] AS i
  WITH ids[i] AS k, [o IN $order | o[1] * metrics[i * $numbers + o[0]]] AS key,
    [j IN range(0, $conditions - 1) | holds[i * $conditions + j]] AS holds, metrics[i * $numbers + $metric] AS have
  MATCH (p:Partner {seq: k})
  WITH p.id AS id, key, holds, have ORDER BY key, id
  LIMIT size($prizes)
  RETURN collect([id, have, holds]) AS winners
}
CALL (winners) {
  UNWIND range(0, size(winners) - 1) AS j
  WITH j, winners[j][0] AS id, winners[j][1] AS have, winners[j][2] AS holds
  WITH j, id, have, coalesce(head([p IN $prizes[j].picks WHERE p[0] < 0 OR holds[p[0]]])[1], 0) AS amount
  WHERE amount <> 0
  CREATE (:Earning {run_id: $run_id, partner_id: id, bonus: $bonus, level: j + 1, class: '', source_id: '', base: have,
    base_minor: 0, rate_ppm: null, amount_minor: amount, earned_minor: amount, currency: $currency})
  RETURN count(*) AS lines
}
CALL (winners) {
  UNWIND range(0, size(winners) - 1) AS j
  WITH j, winners[j][0] AS id WHERE $prizes[j].award_en <> ''
  CREATE (:Prize {run_id: $run_id, partner_id: id, bonus: $bonus, level: j + 1, award_en: $prizes[j].award_en,
    award_ru: $prizes[j].award_ru})
  RETURN count(*) AS things
}
RETURN lines, things
