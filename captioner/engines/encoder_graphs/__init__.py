"""Encoders as graphs of OpenVINO's."""
