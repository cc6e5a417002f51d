"""The local stack: servers out of wheels and the processes of a post, behind demo, up, test, bench and prove."""
