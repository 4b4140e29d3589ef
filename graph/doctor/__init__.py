"""The doctor: can this Prometheus carry a true graph, and if not, what to do about it."""

from graph.doctor.checkup import Checkup
from graph.doctor.examine import diagnose, examine
from graph.doctor.patient import Habits, Patient

__all__ = ["Checkup", "Habits", "Patient", "diagnose", "examine"]
