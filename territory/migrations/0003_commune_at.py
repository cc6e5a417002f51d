"""`commune_at(lat, lon)`: the commune of a point, for any statement."""

from django.db import migrations

# plpgsql keeps its plan for the whole session; a plain SQL function plans again at each call before PostgreSQL 18.
# The GiST operator class of polygons knows no points, so the point is tried first as a degenerate polygon (&&), which
# is also a quick test of the bounding box. Areas are in hundred-thousandths of a degree (territory.geometry says why).
# Neighbours share their edges: on an edge the lowest code wins, always.
COMMUNE_AT = """
CREATE FUNCTION public.commune_at(lat double precision, lon double precision) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    here point;
    spot polygon;
    found_commune text;
BEGIN
    IF lat NOT BETWEEN -90 AND 90 OR lon NOT BETWEEN -180 AND 180 THEN
        RETURN NULL;
    END IF;
    here := point(lon * 100000, lat * 100000);
    spot := polygon(box(here, here));
    SELECT perimeter.commune_id INTO found_commune
    FROM public.territory_perimeter AS perimeter
    WHERE perimeter.area && spot AND here <@ perimeter.area
    ORDER BY perimeter.commune_id LIMIT 1;
    RETURN found_commune;
END $$;
COMMENT ON FUNCTION public.commune_at(double precision, double precision) IS
    'INSEE code of the commune that contains a WGS 84 point in degrees; null outside the metropolis';
"""


class Migration(migrations.Migration):
    dependencies = [("territory", "0002_communes_and_places")]
    operations = [migrations.RunSQL(COMMUNE_AT, "DROP FUNCTION public.commune_at(double precision, double precision)")]
