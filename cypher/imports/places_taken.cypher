// Who stands directly under these partners in a placement tree.
// mode: read
// params: ids LIST<STRING>, tree STRING
// rows: packed
// returns: parent_id STRING, leg INTEGER, partner_id STRING
UNWIND $ids AS id
MATCH (:Partner {id: id})<-[e:PLACED_UNDER {tree: $tree}]-(:Partner)
RETURN e.parent_id AS parent_id, e.leg AS leg, e.partner_id AS partner_id
