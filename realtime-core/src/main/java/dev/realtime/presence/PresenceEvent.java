package dev.realtime.presence;

import java.util.Map;

import dev.realtime.Content;
import dev.realtime.json.Json;

/** What is published about the members of a topic, on its presence topic. */
public sealed interface PresenceEvent {

	/** The type of the message. */
	String type();

	/** Writes the field of the message that follows its type. */
	void field(Json json);

	/** The content of the message. */
	default Content content() {
		Json json = new Json(64).open('{').name("event").value(type());
		field(json);
		return Content.of(json.close('}').bytes(), Content.JSON, type(), Map.of());
	}

	/**
	 * The user's first connection came.
	 *
	 * @param user the user's name
	 */
	record Join(String user) implements PresenceEvent {

		@Override
		public String type() {
			return "join";
		}

		@Override
		public void field(Json json) {
			json.name("user").value(this.user);
		}

	}

	/**
	 * The user's last connection is gone, and the grace period over.
	 *
	 * @param user the user's name
	 */
	record Leave(String user) implements PresenceEvent {

		@Override
		public String type() {
			return "leave";
		}

		@Override
		public void field(Json json) {
			json.name("user").value(this.user);
		}

	}

	/**
	 * There are too many members to publish each join and leave.
	 *
	 * @param members how many there are
	 */
	record Count(long members) implements PresenceEvent {

		@Override
		public String type() {
			return "count";
		}

		@Override
		public void field(Json json) {
			json.name("count").value(this.members);
		}

	}

	/**
	 * Joins or leaves were not published, and the members are few enough to be read anew.
	 *
	 * @param members how many there are
	 */
	record Reset(long members) implements PresenceEvent {

		@Override
		public String type() {
			return "reset";
		}

		@Override
		public void field(Json json) {
			json.name("count").value(this.members);
		}

	}

}
