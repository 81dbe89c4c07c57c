package dev.realtime.conformance.scene;

import java.util.List;
import java.util.stream.Collectors;

import dev.realtime.conformance.driver.Driver;
import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.wire.Link;
import dev.realtime.conformance.wire.StompFrame;
import dev.realtime.conformance.wire.Wire;

/** Describes what has happened in a case, for its author. */
final class Situation {

	private static final int SHOWN_EVENTS = 12;

	private static final int SHOWN_TEXTS = 20;

	private static final int SHOWN_CHARACTERS = 40;

	private final Wire wire;

	private final Driver driver;

	Situation(Wire wire, Driver driver) {
		this.wire = wire;
		this.driver = driver;
	}

	/**
	 * Returns sentences: the last events, the connections, and what else the driver
	 * wrote.
	 */
	String describe() {
		List<Event> events = this.driver.events();
		List<Event> last = events.subList(Math.max(0, events.size() - SHOWN_EVENTS), events.size());
		StringBuilder text = new StringBuilder();
		text.append(last.isEmpty() ? "The driver reported nothing."
				: "The driver reported" + ((last.size() < events.size()) ? " at last" : "") + ": "
						+ last.stream().map(Event::toString).collect(Collectors.joining(", ")) + ".");
		List<Link> links = this.wire.links();
		text.append(" Connections: ").append(links.size()).append('.');
		if (!links.isEmpty()) {
			text.append(" On the last one the client sent ")
				.append(links.get(links.size() - 1).sent().stream().map(StompFrame::command).toList())
				.append('.');
		}
		List<String> errors = this.driver.errors();
		if (!errors.isEmpty()) {
			text.append(" It also wrote: ").append(String.join(" | ", errors));
		}
		return text.toString();
	}

	/** Returns the beginnings of the first texts. */
	static String shown(List<String> texts) {
		String first = texts.stream()
			.limit(SHOWN_TEXTS)
			.map((text) -> Event
				.quoted((text.length() > SHOWN_CHARACTERS) ? text.substring(0, SHOWN_CHARACTERS) + "…" : text))
			.collect(Collectors.joining(", ", "[", "]"));
		return (texts.size() > SHOWN_TEXTS) ? first + " and " + (texts.size() - SHOWN_TEXTS) + " more" : first;
	}

}
