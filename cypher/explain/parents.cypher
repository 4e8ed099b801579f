// Who stands under whom in one stratum of the tree that standings look down (-1: under nobody), and what each sold in a window.
// mode: read
// params: run_id STRING, tree STRING, level INTEGER, window INTEGER
// rows: packed
// returns: seq INTEGER, partner_id STRING, parent INTEGER, qv INTEGER
CALL () {
  MATCH (t:FrozenTree {run_id: $run_id, tree: $tree, level: $level})
  WITH t.ids AS ids, t.partner_ids AS partner_ids, t.sponsors AS sponsors
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, partner_ids[i] AS partner_id, sponsors[i] AS parent, 0 AS qv
  UNION ALL
  MATCH (v:FrozenVolume {run_id: $run_id, level: $level}) WHERE v.window = $window
  WITH v.ids AS ids, v.qv AS qv
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS partner_id, null AS parent, qv[i] AS qv
}
WITH k, max(partner_id) AS partner_id, max(parent) AS parent, sum(qv) AS qv
WHERE partner_id IS NOT NULL
RETURN k AS seq, partner_id, parent, qv
