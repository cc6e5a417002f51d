"""How long an intervention's clocks stood until an instant: used by the figures."""

from django.db import migrations

STOOD = """
create function stood(one uuid, until_ timestamptz) returns interval language sql stable as $$
  select coalesce(sum(least(coalesce(to_at, until_), until_) - from_at), interval '0')
  from interventions_pause where intervention_id = one and from_at < until_
$$;
"""


class Migration(migrations.Migration):
    dependencies = (("interventions", "0002_webhooks"),)
    operations = (migrations.RunSQL(STOOD, "drop function stood"),)
