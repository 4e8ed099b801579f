// Who is paid at each step for what a partner sells, found from the top down: the second way to the same lines, by which a
// close proves its folds and an explanation finds its sources. A partner's chain has one list a step j: who will be paid from
// step j on for something that arrives here with step j open (roll_up: who takes step j, standing here or up to j above).
// mode: write
// params: run_id STRING, bonus STRING, level_from INTEGER, level_to INTEGER, compression STRING, from_seller BOOLEAN,
//   openings LIST<INTEGER>, vanish INTEGER, rules INTEGER, spans LIST<LIST>, flat INTEGER
// rows: one
// returns: partners INTEGER
WITH size($openings) AS steps
UNWIND range($level_from, $level_to) AS d
CALL (d, steps) {
  CALL (d) {
    MATCH (c:PayeeChain {run_id: $run_id, bonus: $bonus, level: d - 1})
    WITH c.ids AS ids, c.chain AS chain
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS parent, [s IN $spans | [j IN range(s[0], s[1] - 1) | chain[i * $flat + j]]] AS above, null AS child
    UNION ALL
    MATCH (s:Standing {run_id: $run_id, level: d})
    WITH s.ids AS ids, s.sponsors AS sponsors, s.active AS active, s.holds AS holds
    UNWIND range(0, size(ids) - 1) AS i
    RETURN sponsors[i] AS parent, null AS above,
      [ids[i], [c IN $openings | active[i] AND (c < 0 OR holds[i * $rules + c])],
        CASE WHEN $vanish = 0 THEN NOT active[i] ELSE NOT holds[i * $rules + $vanish] END] AS child
  }
  WITH steps, parent, head(collect(above)) AS above, collect(child) AS children
  UNWIND children AS child
  WITH steps, child[0] AS k, child[1] AS open, child[2] AS vanishes,
    coalesce(above, [s IN $spans | [j IN range(s[0], s[1] - 1) | -1]]) AS above
  WITH steps, k, above, [j IN range(0, steps - 1) | CASE
    WHEN $compression = 'roll_up' THEN [CASE WHEN open[j] THEN k ELSE above[j][0] END] + above[j][0..j]
    WHEN $compression = 'dynamic' AND NOT open[j] OR $compression = 'standard' AND vanishes THEN above[j]
    ELSE [CASE WHEN open[j] THEN k ELSE -1 END] + coalesce(above[j + 1], []) END] AS chain
  WITH steps, k, chain, CASE WHEN $from_seller THEN chain ELSE above END AS first
  WITH steps, k, chain, CASE $compression WHEN 'roll_up' THEN [j IN range(0, steps - 1) | first[j][j]] ELSE first[0] END AS payees
  ORDER BY k
  WITH steps, k / 16384 AS bucket, collect(k) AS ids, collect(coll.flatten(chain)) AS chains, collect(payees) AS payees
  CREATE (:PayeeChain {run_id: $run_id, bonus: $bonus, level: d, bucket: bucket, ids: ids,
    chain: [i IN range(0, size(ids) * $flat - 1) | chains[i / $flat][i % $flat]]})
  CREATE (:Payees {run_id: $run_id, bonus: $bonus, level: d, bucket: bucket, ids: ids,
    payees: [i IN range(0, size(ids) * steps - 1) | payees[i / steps][i % steps]]})
  RETURN sum(size(ids)) AS walked
}
RETURN coalesce(sum(walked), 0) AS partners
