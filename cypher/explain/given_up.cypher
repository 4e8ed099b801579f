// Who gave its volume up in a closed run (`frozen`), and to whom (nobody: null), of the sellers of what a run takes of that one's
// orders (in `window`); of one of these orders alone, where it is named.
// mode: read
// params: run_id STRING, frozen STRING, window INTEGER, name STRING?
// rows: packed
// returns: partner_id STRING, host_id STRING?
MATCH (v:FrozenVolume {run_id: $run_id, level: 0})
WHERE v.window = $window
WITH v.ids AS ids, v.order_ids AS names
UNWIND [i IN range(0, size(ids) - 1) WHERE $name IS NULL OR names[i] = $name | ids[i]] AS k
WITH k / 16384 AS bucket, collect(DISTINCT k) AS sellers
MATCH (h:Host {run_id: $frozen, bucket: bucket})
WITH sellers, h.ids AS ids, h.hosts AS hosts, h.passes AS passes
UNWIND [i IN range(0, size(ids) - 1) WHERE NOT passes[i] AND ids[i] IN sellers | [ids[i], hosts[i]]] AS pair
MATCH (p:Partner {seq: pair[0]})
OPTIONAL MATCH (t:Partner {seq: pair[1]})
RETURN p.id AS partner_id, t.id AS host_id
