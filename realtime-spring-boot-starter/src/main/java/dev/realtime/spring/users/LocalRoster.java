package dev.realtime.spring.users;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.user.SimpSession;
import org.springframework.messaging.simp.user.SimpSubscription;
import org.springframework.messaging.simp.user.SimpUser;
import org.springframework.messaging.simp.user.SimpUserRegistry;

/**
 * What this node has to tell of its sessions. {@link #changed} and {@link #listAll} are
 * safe for any number of threads; everything else belongs to one thread.
 */
final class LocalRoster {

	/** Beyond this number of changed sessions all sessions are told instead. */
	static final int MAX_CHANGED = 10_000;

	private final SimpUserRegistry local;

	/** The sessions that may have changed, by id. */
	private final Map<String, Change> changed = new ConcurrentHashMap<>();

	/** What was found for the changes of the last time, by the ids of sessions. */
	private Map<String, Found> lastFound = Map.of();

	/** Ids of sessions that the other nodes were told of. */
	private final Set<String> told = new HashSet<>();

	/** Users by the ids of the sessions that are left of the list under way. */
	private Iterator<Map.Entry<String, String>> list = Map.<String, String>of().entrySet().iterator();

	private volatile boolean listWanted = true;

	private final RosterCuts cuts;

	LocalRoster(SimpUserRegistry local, RosterCuts cuts) {
		this.local = local;
		this.cuts = cuts;
	}

	/** A session may have changed, begun or ended. */
	void changed(String session, String user) {
		if (this.changed.size() < MAX_CHANGED || this.changed.containsKey(session)) {
			this.changed.put(session, new Change(user, false));
		}
		else {
			this.listWanted = true;
		}
	}

	/** A node asks for all sessions. */
	void listAll() {
		this.listWanted = true;
	}

	/** Returns what there is to tell, so many pages at most. */
	List<RosterPage> next(int most) {
		List<RosterPage> pages = new ArrayList<>();
		tellChanges(pages, most);
		tellList(pages, most);
		return pages;
	}

	/**
	 * An event may come before the registry has seen it. So each change is looked at once
	 * more the next time.
	 */
	private void tellChanges(List<RosterPage> pages, int most) {
		Map<String, Found> before = this.lastFound;
		Map<String, Found> found = new HashMap<>();
		before.forEach((id, last) -> this.changed.putIfAbsent(id, new Change(last.user(), true)));
		Iterator<Map.Entry<String, Change>> each = this.changed.entrySet().iterator();
		while (each.hasNext() && pages.size() < most) {
			PageBuilder page = new PageBuilder();
			while (each.hasNext() && page.hasRoom()) {
				Map.Entry<String, Change> next = each.next();
				String id = next.getKey();
				Change change = next.getValue();
				this.changed.remove(id, change);
				Found now = new Found(change.user(), read(id, change.user()));
				boolean same = now.equals(before.get(id));
				if (!same) {
					page.tell(id, now.session());
				}
				if (!same || !change.again()) {
					found.put(id, now);
				}
			}
			if (!page.isEmpty()) {
				pages.add(page.build(false, false));
			}
		}
		this.lastFound = found;
	}

	private void tellList(List<RosterPage> pages, int most) {
		boolean first = !this.list.hasNext() && this.listWanted && pages.size() < most;
		if (first) {
			this.listWanted = false;
			this.list = all().entrySet().iterator();
		}
		while (pages.size() < most && (first || this.list.hasNext())) {
			PageBuilder page = new PageBuilder();
			while (this.list.hasNext() && page.hasRoom()) {
				Map.Entry<String, String> entry = this.list.next();
				UserSession session = read(entry.getKey(), entry.getValue());
				if (session != null) {
					page.add(session);
				}
			}
			pages.add(page.build(first, !this.list.hasNext()));
			first = false;
		}
	}

	private Map<String, String> all() {
		Map<String, String> all = new HashMap<>();
		for (SimpUser user : this.local.getUsers()) {
			user.getSessions().forEach((session) -> all.put(session.getId(), user.getName()));
		}
		this.told.retainAll(all.keySet());
		return all;
	}

	private @Nullable UserSession read(String id, String name) {
		SimpUser user = this.local.getUser(name);
		SimpSession session = (user != null) ? user.getSession(id) : null;
		if (session == null) {
			return null;
		}
		Map<String, String> subscriptions = new HashMap<>();
		for (SimpSubscription subscription : session.getSubscriptions()) {
			subscriptions.put(subscription.getId(), subscription.getDestination());
		}
		UserSession whole = new UserSession(id, name, subscriptions);
		if (whole.size() <= RosterPage.MAX_SESSION_SIZE) {
			return whole;
		}
		UserSession fitting = whole.within(RosterPage.MAX_SESSION_SIZE);
		this.cuts.add(whole.subscriptions().size() - fitting.subscriptions().size(),
				"subscriptions of a session that has more than a page of them");
		return fitting;
	}

	/** Collects sessions up to the size of a page. */
	private final class PageBuilder {

		private final List<UserSession> sessions = new ArrayList<>();

		private final List<String> ended = new ArrayList<>();

		private int size;

		/** Whether a session of any length fits. */
		private boolean hasRoom() {
			return this.size <= RosterPage.MAX_SIZE - RosterPage.MAX_SESSION_SIZE;
		}

		private boolean isEmpty() {
			return this.sessions.isEmpty() && this.ended.isEmpty();
		}

		private void add(UserSession session) {
			LocalRoster.this.told.add(session.id());
			this.sessions.add(session);
			this.size += session.size();
		}

		/** Says nothing of the end of a session of which nothing was said. */
		private void tell(String id, @Nullable UserSession session) {
			if (session != null) {
				add(session);
			}
			else if (LocalRoster.this.told.remove(id)) {
				this.ended.add(id);
				this.size += UserSession.size(id);
			}
		}

		private RosterPage build(boolean first, boolean last) {
			return new RosterPage(0, first, last, this.sessions, this.ended);
		}

	}

	/**
	 * A session that may have changed.
	 *
	 * @param user the user's name
	 * @param again whether it was looked at before
	 */
	private record Change(String user, boolean again) {
	}

	/**
	 * What was found.
	 *
	 * @param user the user's name
	 * @param session null where there is none
	 */
	private record Found(String user, @Nullable UserSession session) {
	}

}
