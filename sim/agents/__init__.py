"""Patients, providers and commissioners on columns."""
