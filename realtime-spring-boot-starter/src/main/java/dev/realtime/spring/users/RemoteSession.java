package dev.realtime.spring.users;

import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.user.SimpSession;
import org.springframework.messaging.simp.user.SimpSubscription;
import org.springframework.messaging.simp.user.SimpUser;

/** A session on another node, as that node told it last. */
final class RemoteSession implements SimpSession {

	private final UserSession session;

	private final FleetUser user;

	RemoteSession(UserSession session, FleetUser user) {
		this.session = session;
		this.user = user;
	}

	@Override
	public String getId() {
		return this.session.id();
	}

	@Override
	public SimpUser getUser() {
		return this.user;
	}

	@Override
	public Set<SimpSubscription> getSubscriptions() {
		Set<SimpSubscription> subscriptions = new HashSet<>();
		this.session.subscriptions()
			.forEach((id, destination) -> subscriptions.add(new RemoteSubscription(id, destination, this)));
		return subscriptions;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof SimpSession known && getId().equals(known.getId()));
	}

	@Override
	public int hashCode() {
		return getId().hashCode();
	}

	@Override
	public String toString() {
		return "id=" + getId() + ", subscriptions=" + this.session.subscriptions();
	}

	private static final class RemoteSubscription implements SimpSubscription {

		private final String id;

		private final String destination;

		private final RemoteSession session;

		private RemoteSubscription(String id, String destination, RemoteSession session) {
			this.id = id;
			this.destination = destination;
			this.session = session;
		}

		@Override
		public String getId() {
			return this.id;
		}

		@Override
		public SimpSession getSession() {
			return this.session;
		}

		@Override
		public String getDestination() {
			return this.destination;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return this == other || (other instanceof SimpSubscription known && this.id.equals(known.getId())
					&& this.session.equals(known.getSession()));
		}

		/**
		 * As Spring's own subscriptions have it, since equal ones may be of that type.
		 */
		@Override
		public int hashCode() {
			return this.id.hashCode() * 31 + this.session.hashCode();
		}

		@Override
		public String toString() {
			return "destination=" + this.destination;
		}

	}

}
