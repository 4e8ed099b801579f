"""Intake of partners, customers, orders, refunds, events and identifiers from files.

All given files are read, parsed and checked together, against each other and against the graph, before anything is written:
reading and parsing fill a stage on disk, checks ask it questions, and only a stage without a fault is written, in batches.
"""

from graphsvc.imports.identity import load_key
from graphsvc.imports.service import PLACEMENT_TREE, FileReport, ImportFiles, ImportReport, import_files

__all__ = ["PLACEMENT_TREE", "FileReport", "ImportFiles", "ImportReport", "import_files", "load_key"]
