// Every index that exists in this database, its state, and what it finds.
// mode: read
// params: none
// rows: many
// returns: name STRING, state STRING, subjects LIST<STRING>?, properties LIST<STRING>?
SHOW INDEXES YIELD name, state, labelsOrTypes, properties
RETURN name, state, labelsOrTypes AS subjects, properties
ORDER BY name
