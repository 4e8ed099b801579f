// What each order takes of the own PV that a milestone paid a rate of in a closed run (`frozen`), a bucket of partners at a time:
// who reached which steps there, and by which pay code each pays, is as in awards/milestone. `codes` is how many pay codes the
// steps before have. The closed base stands with the first of the parts.
// mode: write
// params: run_id STRING, frozen STRING, earlier STRING, month STRING, bonus STRING, bucket INTEGER, window INTEGER,
//   own_window INTEGER, numbers INTEGER, conditions INTEGER, qualified INTEGER, metric INTEGER, steps LIST<MAP>, every BOOLEAN,
//   once BOOLEAN, columns LIST<STRING>
// rows: one
// returns: parts INTEGER
CALL () {
  CALL () {
    MATCH (v:FrozenVolume {run_id: $run_id, bucket: $bucket})
    WHERE v.window = $window
    WITH v.ids AS ids, v.order_ids AS names, v.qv AS qv, v.cv AS cv, v.money_minor AS money
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, {name: names[i], qv: qv[i], cv: cv[i], money: money[i]} AS part, null AS who, null AS before, null AS own
    UNION ALL
    MATCH (s:Standing {run_id: $frozen, bucket: $bucket})
    WITH s.ids AS ids, s.active AS active, s.metrics AS metrics, s.holds AS holds
    UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND ($qualified < 0 OR holds[i * $conditions + $qualified])
      AND metrics[i * $numbers + $metric] >= $steps[0].from] AS i
    RETURN ids[i] AS k, null AS part, {have: metrics[i * $numbers + $metric],
      holds: [j IN range(0, $conditions - 1) | holds[i * $conditions + j]]} AS who, null AS before, null AS own
    UNION ALL
    MATCH (c:Carried {run_id: $earlier, part: $bonus, bucket: $bucket})
    WITH c.ids AS ids, c.values AS values, size(c.columns) AS width, [n IN $columns | coll.indexOf(c.columns, n)] AS at
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS part, null AS who, [a IN at | CASE WHEN a < 0 THEN 0 ELSE values[i * width + a] END] AS before,
      null AS own
    UNION ALL
    MATCH (v:FrozenVolume {run_id: $frozen, bucket: $bucket})
    WHERE v.window = $own_window AND NOT coalesce(v.reversed, false)
    WITH v.ids AS ids, v.qv AS qv, v.cv AS cv, v.money_minor AS money
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS part, null AS who, null AS before, {qv: qv[i], cv: cv[i], money: money[i]} AS own
  }
  WITH k, collect(part) AS parts, head(collect(who)) AS who, collect(own) AS owns,
    coalesce(head(collect(before)), [step IN $steps | 0]) AS before
  WHERE who IS NOT NULL AND size(parts) > 0
  WITH k, parts, owns, who, [j IN range(0, size($steps) - 1) WHERE who.have >= $steps[j].from AND (NOT $once OR before[j] = 0)] AS due
  UNWIND CASE WHEN $every THEN due ELSE due[-1..] END AS j
  WITH k, parts, owns, j, $steps[j].base AS base, head([p IN $steps[j].picks WHERE p[0] < 0 OR who.holds[p[0]]])[1] AS code
  WHERE base <> '' AND code > 0
  WITH k, j, code, base, reduce(t = 0, x IN owns | t + x[base]) AS was, parts
  UNWIND parts AS part
  WITH k, j, code, was, part.name AS name, sum(part[base]) AS delta
  WHERE delta <> 0
  RETURN name, [k, j, code, was, delta] AS part, null AS at
  UNION ALL
  MATCH (d:Due {run_id: $run_id}) WHERE d.frozen = $frozen AND d.window = $own_window
  RETURN d.name AS name, null AS part, d.counted_at AS at
}
WITH name, collect(part) AS parts, min(at) AS counted_at
UNWIND parts AS part
WITH part[0] AS k, part[1] AS j, part[2] AS code, part[3] AS was, part[4] AS delta, name, counted_at ORDER BY name
WITH k, j, code, was, collect({name: name, delta: delta, counted_at: counted_at}) AS parts
MATCH (p:Partner {seq: k})
UNWIND range(0, size(parts) - 1) AS i
CREATE (:Adjustment {run_id: $run_id, frozen: $frozen, home: $frozen, month: $month, bonus: $bonus, partner_id: p.id, seq: k, class: 0,
  pay: $steps[j].codes + code, name: parts[i].name, source_id: '', counted_at: parts[i].counted_at, delta: parts[i].delta,
  was: CASE i WHEN 0 THEN was ELSE 0 END})
RETURN count(*) AS parts
