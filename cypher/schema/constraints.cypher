// Every constraint that exists in this database, and what it holds together.
// mode: read
// params: none
// rows: many
// returns: name STRING, subjects LIST<STRING>, properties LIST<STRING>
SHOW CONSTRAINTS YIELD name, labelsOrTypes, properties
RETURN name, labelsOrTypes AS subjects, properties
ORDER BY name
