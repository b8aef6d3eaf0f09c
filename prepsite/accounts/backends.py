"""Sign-in by e-mail address, with the learner fetched in the user's own statement."""

from allauth.account.auth_backends import AuthenticationBackend

from prepsite.accounts.models import User


class LearnerBackend(AuthenticationBackend):
    """allauth's backend; each request of a signed-in learner costs one statement."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("learner").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
