from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alarms', '0004_index_long_lists'),
        ('customers', '0004_index_long_lists'),
        ('tickets', '0001_begin'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='ticket',
            name='ticket_by_opening',
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['-opened_at', '-id'], name='ticket_by_opening'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['grade_rank', 'deadline_at', '-id'], name='ticket_by_grade'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['-grade_rank', 'deadline_at', '-id'], name='ticket_by_low_grade'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['deadline_at', 'grade_rank', '-id'], name='ticket_by_first_deadline'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.OrderBy(models.F('deadline_at'), descending=True, nulls_last=True), models.F('grade_rank'), models.OrderBy(models.F('id'), descending=True), name='ticket_by_last_deadline'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('status__in', ('open', 'assigned', 'paused', 'resolved'))), fields=['-id'], name='ticket_live'),
        ),
    ]
