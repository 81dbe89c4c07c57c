package dev.realtime.spring.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;
import dev.realtime.journey.JourneyRequests;
import dev.realtime.spring.inspect.NodeInspection.About;

/**
 * Has all nodes note the journeys of a topic's next messages, whose publishers need not
 * ask for that. Safe for any number of threads; does not block.
 */
public final class FleetJourneys {

	private final FleetInspection fleet;

	FleetJourneys(FleetInspection fleet) {
		this.fleet = fleet;
	}

	/**
	 * Asks for the journeys of the next messages that are published through each node,
	 * for {@link JourneyRequests#LONGEST}. Replaces an earlier request for the topic.
	 * @param messages how many for each node, at most
	 * {@value JourneyRequests#MOST_MESSAGES}; 0 ends it
	 * @return completes with the {@code outcome}, the {@code nodes} that do it, and
	 * {@code noAnswer} with those that did not answer. The outcome is {@code failed},
	 * with a {@code problem}, if no node does it Others that cannot do it are in
	 * {@code problems}.
	 * @throws IllegalArgumentException if messages is out of bounds
	 */
	public CompletionStage<Map<String, Object>> trace(Topic topic, int messages) {
		return this.fleet.ask(About.TRACE, new Request(topic, messages).text(), true).thenApply(FleetJourneys::outcome);
	}

	private static Map<String, Object> outcome(FleetAnswers found) {
		List<String> nodes = new ArrayList<>();
		List<String> problems = new ArrayList<>();
		for (Map<String, Object> answer : found.answers()) {
			String node = String.valueOf(answer.get("node"));
			if ("done".equals(answer.get("outcome"))) {
				nodes.add(node);
			}
			else {
				problems.add("Node " + node + ": " + answer.get("problem"));
			}
		}
		if (!found.asked()) {
			problems.add("The relay cannot be reached now, so other nodes could not be asked");
		}
		Map<String, Object> outcome = new LinkedHashMap<>();
		outcome.put("outcome", nodes.isEmpty() ? "failed" : "done");
		outcome.put("nodes", nodes);
		outcome.put("noAnswer", found.missing());
		if (nodes.isEmpty()) {
			outcome.put("problem", String.join(". ", problems));
		}
		else if (!problems.isEmpty()) {
			outcome.put("problems", problems);
		}
		return outcome;
	}

	/** What nodes are asked for; a text on its way to them. */
	record Request(Topic topic, int messages) {

		Request {
			if (messages < 0 || messages > JourneyRequests.MOST_MESSAGES) {
				throw new IllegalArgumentException(
						"messages must be from 0 to " + JourneyRequests.MOST_MESSAGES + ", but is " + messages);
			}
		}

		String text() {
			return this.messages + " " + this.topic.name();
		}

		static Request read(String text) {
			int space = text.indexOf(' ');
			if (space < 0) {
				throw new IllegalArgumentException("A request for journeys is a number and a topic");
			}
			return new Request(Topic.of(text.substring(space + 1)), Integer.parseInt(text.substring(0, space)));
		}

	}

}
