"""Labels that sources share between samples."""

from graph.core.samples import Bucket, Labels


def test_bucket_has_its_series_labels_and_its_bound() -> None:
    bucket = Bucket(Labels({"a": "1", "b": "2"}), "0.5")

    assert dict(bucket) == {"a": "1", "b": "2", "le": "0.5"}
    assert list(bucket) == ["a", "b", "le"]
    assert len(bucket) == 3
    assert bucket.get("c") is None


def test_labels_are_what_they_were_made_of() -> None:
    labels = Labels({"a": "1"})

    assert labels == {"a": "1"}
    assert labels.reading is None
