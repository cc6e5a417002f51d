"""Composition: settings, addresses, servers, workers, and the local stack behind demo, up, test, bench and prove."""
