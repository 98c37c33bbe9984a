"""Jobs, the objects they are about, and what was refused: after a crash the next worker goes on from here."""

from django.db import models

from mainstay.platform.jobs.choices import State


class Job(models.Model):
    """One thing to be done to many objects: who asked, what exactly, how far it is, what came of it.

    `slice` and `place`: the next object to be done, as `JobSlice.number` and the place in its `ids`. `kept`: what a
    kind keeps for itself between parts. `at_once`: done while the asker waits; a worker takes it over only when
    that ended early. `of`: the job whose refused objects this one tries again.
    """

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    arguments = models.JSONField(default=dict)
    kept = models.JSONField(default=dict)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=80)
    language = models.CharField(max_length=10, blank=True)
    at_once = models.BooleanField(default=False)
    of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="again")
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    slice = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    cancelled_by = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    alive_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=400, blank=True)
    problem_values = models.JSONField(null=True)
    file = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("state", "id"), name="job_by_state"),
            models.Index(fields=("user_id", "-id"), name="job_by_user"),
            models.Index(fields=("user_id", "-alive_at"), name="job_by_turn"),
        )


class JobSlice(models.Model):
    """Some of the objects a job is about, by id, frozen when it was asked for."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="slices")
    number = models.PositiveIntegerField()
    ids = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("job", "number"), name="one_slice_per_number"),)


class JobRefusal(models.Model):
    """An object to which it could not be done, and why: an English sentence with its values, as errors keep it."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="refusals")
    object_id = models.BigIntegerField()
    label = models.CharField(max_length=160, blank=True)
    error = models.CharField(max_length=400)
    error_values = models.JSONField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("job", "object_id"), name="one_refusal_per_object"),)
