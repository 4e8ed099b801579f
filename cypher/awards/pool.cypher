// The shares of a pool, a bucket of partners at a time, rounded down in units of unit_minor: fund * weight / weights, or, rounded
// at the point, (fund * point / weights) * weight / point. A fund of 0 or less shares nothing. `digits` are the powers of 100
// from the highest: the fund enters its product two digits at a time, so that it stays inside 63 bits.
// mode: write
// params: run_id STRING, bonus STRING, bucket INTEGER, numbers INTEGER, conditions INTEGER, qualified INTEGER, picks LIST<LIST>,
//   metric INTEGER, limit INTEGER?, places LIST<INTEGER>, first INTEGER, at_point BOOLEAN, point INTEGER, digits LIST<INTEGER>,
//   unit_minor INTEGER, currency STRING
// rows: one
// returns: lines INTEGER
MATCH (f:Fund {run_id: $run_id, bonus: $bonus})
WITH f.fund_minor / $unit_minor AS fund, f.fund_minor AS fund_minor, f.weights AS weights, f.ids AS chosen
WHERE fund > 0 AND weights > 0
WITH fund, fund_minor, weights, chosen, [x IN $digits | (fund / x) % 100] AS parts
WITH fund, fund_minor, weights, chosen, parts, CASE WHEN NOT $at_point THEN 0 ELSE reduce(t = [0, 0], g IN parts |
  [t[0] * 100 + (t[1] * 100 + $point * g) / weights, (t[1] * 100 + $point * g) % weights])[0] END AS point
CALL (chosen) {
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.metrics AS metrics, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND ($qualified < 0 OR holds[i * $conditions + $qualified])] AS i
  RETURN ids[i] AS k, null AS place, CASE WHEN $metric >= 0
    THEN CASE WHEN metrics[i * $numbers + $metric] > $limit THEN $limit ELSE metrics[i * $numbers + $metric] END
    ELSE head([p IN $picks WHERE p[0] < 0 OR holds[i * $conditions + p[0]]])[1] END AS weight
  UNION ALL
  WITH chosen
  UNWIND range(0, size(chosen) - 1) AS j
  WITH chosen[j] AS k, j WHERE k / 16384 = $bucket
  RETURN k, j AS place, null AS weight
}
WITH fund, fund_minor, weights, parts, point, k, max(place) AS place, max(weight) AS weight
WHERE weight > 0 AND ($first = 0 OR place IS NOT NULL)
WITH fund_minor, weights, parts, point, k, place, CASE WHEN $places = [] THEN weight ELSE $places[place] END AS weight
WITH fund_minor, k, place, weight, CASE WHEN $at_point AND $places = [] THEN
    (point / $point) * weight + ((point % $point) * weight) / $point
  ELSE reduce(t = [0, 0], g IN parts |
    [t[0] * 100 + (t[1] * 100 + weight * g) / weights, (t[1] * 100 + weight * g) % weights])[0] END * $unit_minor AS amount
WHERE amount > 0
MATCH (p:Partner {seq: k})
CREATE (:Earning {run_id: $run_id, partner_id: p.id, bonus: $bonus, level: CASE WHEN $places = [] THEN 1 ELSE place + 1 END,
  class: '', source_id: '', base: weight, base_minor: fund_minor, rate_ppm: null, amount_minor: amount, earned_minor: amount,
  currency: $currency})
RETURN count(*) AS lines
