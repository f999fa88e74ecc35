"""Builds on Apache Spark: the same functions as a local build, over the partitions of a cluster. See docs/spark.md."""
