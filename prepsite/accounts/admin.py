from allauth.mfa import admin as _mfa_admin  # noqa: F401  (registers what is taken out below)
from allauth.mfa.models import Authenticator
from allauth.usersessions import admin as _usersessions_admin  # noqa: F401  (the same)
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prepsite.accounts import second_factor
from prepsite.accounts.models import Learner, User
from prepsite.content.lookonly import LookOnlyAdmin

# They show the secrets of the apps and the addresses that people sign in from. What staff
# need to know and to do about a second factor stands with the user.
admin.site.unregister([Authenticator, UserSession])


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)
        field_classes: dict[str, type] = {}


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = UserCreationForm
    ordering = ["email"]
    list_display = ["email", "is_staff", "has_second_factor", "is_active", "date_joined"]
    list_filter = ["is_staff", "is_superuser", "is_active"]
    search_fields = ["email"]
    readonly_fields = ["date_joined", "last_login", "has_second_factor"]
    actions = ["send_staff_link", "remove_second_factors"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Keep the address: the one that signs in is changed under e-mail addresses."""
        return ["email", *self.readonly_fields] if obj else self.readonly_fields

    fieldsets = [
        (None, {"fields": ["email", "password", "has_second_factor"]}),
        (
            "Permissions",
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Read along whether each user has a second factor."""
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_factor.FACTORS)
        return super().get_queryset(request).annotate(factor=Exists(factors))

    @admin.display(description="second factor", boolean=True, ordering="factor")
    def has_second_factor(self, user: User) -> bool:
        return bool(getattr(user, "factor", False))

    def has_remove_factors_permission(self, request: HttpRequest) -> bool:
        """Leave the removal of second factors to superusers."""
        return bool(request.user.is_superuser)

    @admin.action(description="Send a link for the second factor", permissions=["change"])
    def send_staff_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Mail the link to staff who have a confirmed address and no factor yet."""
        for user in queryset:
            if not (user.is_staff and user.is_active):
                messages.warning(request, f"{user} is not on the staff.")
            elif second_factor.is_enrolled(user):
                messages.warning(request, f"{user} has a second factor already.")
            elif not second_factor.has_confirmed_address(user):
                messages.warning(request, f"{user} has not confirmed the e-mail address yet.")
            else:
                second_factor.send_link(request, user)
                self.log_change(request, user, "Sent a link for the second factor.")
                messages.success(request, f"The link is on its way to {user}.")

    @admin.action(description="Remove all second factors", permissions=["remove_factors"])
    def remove_second_factors(
        self, request: HttpRequest, queryset: QuerySet[User]
    ) -> HttpResponse | None:
        """Free users who lost telephone and codes; asks first, and tells them by mail."""
        chosen = list(queryset)
        users = [user for user in chosen if user != request.user]
        if len(users) < len(chosen):
            messages.warning(request, "Your own second factor stays: remove it on its page.")
        if not users:
            return None
        if "confirmed" not in request.POST:
            context = self.admin_site.each_context(request) | {
                "title": "Remove all second factors",
                "users": users,
                "opts": self.opts,
            }
            return render(request, "admin/accounts/user/remove_second_factors.html", context)
        for user in users:
            second_factor.remove_all(user)
            self.log_change(request, user, "Removed all second factors.")
            messages.success(request, f"{user} has no second factor now and is signed out.")
        return None

    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["email", "usable_password", "password1", "password2"],
            },
        )
    ]


@admin.register(Learner)
class LearnerAdmin(LookOnlyAdmin):
    """What a learner did is theirs."""

    list_display = ["id", "user", "exam_date", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    show_full_result_count = False
