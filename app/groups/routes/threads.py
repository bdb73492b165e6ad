"""Pages of threads: one thread, a new one, its posts, their history, and the acts of who keeps order."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.queries import current_actor, writer
from app.errors import Conflict, DomainError
from app.extensions import limiter
from app.groups import links, queries, services, views
from app.groups.forms import EditForm, PostForm, ThreadForm
from app.groups.models import Group, Post, Thread
from app.groups.routes.blueprint import blueprint, me, new_id
from app.policy import Action, Actor, GroupId, require
from app.record import last_seq, once
from app.web.forms import blame, status_of
from app.web.viewer import current_viewer

POSTING = "30/minute"


@blueprint.get("/threads/<int:thread_id>")
def thread(thread_id: int) -> Any:
    """A page of a thread: `?page=`, or `?post=` for the page with that post, or where the reader left off."""
    actor = current_actor()
    return _thread_page(actor, queries.get_thread(actor, thread_id))


@blueprint.post("/threads/<int:thread_id>/posts")
@limiter.limit(POSTING, key_func=writer)
def add_post(thread_id: int) -> Any:
    actor = me()
    found = queries.get_thread(actor, thread_id)
    form = _words_form(PostForm, actor, found.group)
    if form.validate_on_submit():
        try:
            answered = _answered(found, form)
            said = _said(form) | {"quotes_id": answered.id if answered else None}
            number = _once(actor, form, lambda: services.post(actor, found, form.body.data or "", **said).number)
        except DomainError as error:
            blame(form, error)
            return _thread_page(actor, queries.get_thread(actor, thread_id), form, error.status)
        return redirect(url_for("groups.thread", thread_id=thread_id, post=number, _anchor=f"post-{number}"))
    return _thread_page(actor, found, form, 422)


@blueprint.route("/groups/<slug>/threads/new", methods=["GET", "POST"])
@limiter.limit(POSTING, key_func=writer, methods=["POST"])
def new_thread(slug: str) -> Any:
    actor = me()
    group = queries.get_group(actor, slug)
    require(actor, Action.COMMENT, GroupId(group.id), group.openness, what=_("This group"))
    form = _words_form(ThreadForm, actor, group)
    status = 200
    if form.validate_on_submit():
        try:
            title, body = form.title.data or "", form.body.data or ""
            made = _once(actor, form, lambda: services.start_thread(actor, group, title, body, **_said(form)).id)
        except DomainError as error:
            blame(form, error)
            status = error.status
        else:
            return redirect(url_for("groups.thread", thread_id=made))
    return render_template("groups/new_thread.html", form=form, group=group), max(status, status_of(form))


@blueprint.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
@limiter.limit(POSTING, key_func=writer, methods=["POST"])
def edit_post(post_id: int) -> Any:
    """Edit one's own post. A stale edit comes back with both texts."""
    actor = me()
    post = queries.get_post(actor, post_id)
    services.require_editable(actor, post)
    form = EditForm(obj=post)
    theirs: str | None = None
    status = 200
    if form.validate_on_submit():
        try:
            services.edit_post(actor, post_id, form.body.data or "", _id(form.revision.data) or 0)
        except DomainError as error:
            blame(form, error)
            status = error.status
            if isinstance(error, Conflict):
                theirs = error.extra["theirs"]
                form.revision.data = error.extra["revision"]
        else:
            return redirect(views.post_url(post))
    url = views.post_url(post)
    page = render_template("groups/edit_post.html", form=form, post=post, theirs=theirs, url=url)
    return page, max(status, status_of(form)) if status == 200 else status


@blueprint.get("/posts/<int:post_id>/history")
def post_history(post_id: int) -> str:
    """What a post said before each edit."""
    post = queries.get_post(current_actor(), post_id)
    return render_template(
        "groups/history.html", post=post, revisions=queries.revisions_of(post), url=views.post_url(post)
    )


@blueprint.get("/posts/<int:post_id>/paragraph")
def post_paragraph(post_id: int) -> Response:
    """The paragraph that a post speaks of."""
    post = queries.get_post(current_actor(), post_id)
    place = queries.place_of(post)
    return redirect(place.url if place else views.post_url(post))


@blueprint.post("/threads/<int:thread_id>/<any(pin, unpin, close, reopen):act>")
def order(thread_id: int, act: str) -> Response:
    """An act of who keeps order."""
    if act in ("pin", "unpin"):
        services.set_pinned(current_actor(), thread_id, act == "pin")
    else:
        services.set_closed(current_actor(), thread_id, act == "close")
    flash(
        {
            "pin": _("The thread stays on top of the list."),
            "unpin": _("The thread is no longer pinned."),
            "close": _("The thread is closed."),
            "reopen": _("The thread is open again."),
        }[act],
        "success",
    )
    return redirect(url_for("groups.thread", thread_id=thread_id))


@blueprint.post("/threads/<int:thread_id>/read")
def read(thread_id: int) -> Any:
    """Mark as read, as far as `number` or to the end. A script gets no page."""
    actor = me()
    found = queries.get_thread(actor, thread_id)
    services.mark_read(actor, thread_id, _id(request.form.get("number")))
    if request.headers.get("X-CSRFToken"):
        return "", 204
    return redirect(url_for("groups.group", slug=found.group.slug, _anchor="threads"))


def _thread_page(actor: Actor, found: Thread, form: PostForm | None = None, status: int = 200) -> Any:
    seq = last_seq(found.channel)  # before the posts: an event between the two is drawn twice, and known by its number
    page = queries.thread_page(actor, found, page=_id(request.args.get("page")), number=_id(request.args.get("post")))
    if form is not None:  # what could not be sent stands below the newest posts
        page = queries.thread_page(actor, found, page=page.pages)
    may_write = views.may_write(actor, found)
    if form is None and may_write:
        form = _words_form(PostForm, actor, found.group)
        form.quotes.data = form.quotes.data or request.args.get("quote", "")
    html = render_template(
        "groups/thread.html",
        thread=found,
        group=found.group,
        page=page,
        cards=_cards(actor, page, may_write),
        form=form,
        quoted=_quoted(found, form),
        rights=views.rights_in(actor, found.group),
        may_write=may_write,
        data=views.thread_data(actor, page, queries.members_of(found.group), seq),
    )
    return html, status


def _cards(actor: Actor, page: queries.ThreadPage, may_write: bool) -> list[views.PostCard]:
    return [
        views.post_card(
            post,
            page.place_of(post),
            mine=actor.signed_in and post.author_id == actor.user_id,
            may_write=may_write,
            # A line stands above the first new post, unless all of the thread is new.
            first_unread=actor.signed_in and 0 < page.read == post.number - 1,
        )
        for post in page.posts
    ]


def _quoted(found: Thread, form: PostForm | None) -> views.Quoted | None:
    """The post that the form is about to answer."""
    post = _answered(found, form) if form else None
    return views.quoted(post) if post else None


def _answered(found: Thread, form: PostForm) -> Post | None:
    """Forms name the post that they answer by its number in the thread."""
    number = _id(form.quotes.data)
    return queries.post_numbered(found, number) if number else None


def _words_form(kind: type[Any], actor: Actor, group: Group) -> Any:
    """The form, with its choices; an address may carry the paragraph that one came from."""
    form = kind()
    viewer = current_viewer()
    form.on_behalf_of.choices = views.speaking_choices(actor, group, viewer.delegation_name or viewer.role_label)
    form.version.choices = [("", _("None")), *((str(key), title) for key, title in links.versions(group.id))]
    form.id.data = form.id.data or new_id()
    if request.method == "GET":
        form.version.data = request.args.get("version", "")
        form.paragraph.data = request.args.get("paragraph", "")
    return form


def _said(form: Any) -> dict[str, Any]:
    version = _id(form.version.data)
    return {
        "on_behalf_of": form.on_behalf_of.data or None,
        "version_id": version,
        "paragraph": (form.paragraph.data or "").strip() or None,
    }


def _once(actor: Actor, form: Any, do: Any) -> int:
    """Run the command once for the id that the form carries, however often it is sent. Returns its number."""
    payload = {name: field.data for name, field in form._fields.items() if name not in ("csrf_token", "id")}
    _status, answer = once(
        actor.key, form.id.data, request.endpoint or "", [request.path, payload], lambda: (201, {"number": do()})
    )
    return int(answer["number"])


def _id(text: Any) -> int | None:
    """A whole number from an address or a hidden field; what is none is not there."""
    word = str(text or "")
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 15 else None
