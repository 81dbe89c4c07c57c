package dev.realtime.spring.asyncapi;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.TopicPolicy;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.publisher.DeclaredTopic;
import dev.realtime.spring.publisher.DeclaredTopics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describes the topics that the application is declared to publish on. */
final class TopicOperations {

	private static final Logger logger = LoggerFactory.getLogger(TopicOperations.class);

	private final List<DeclaredTopics> sources;

	private final KnownPolicies policies;

	TopicOperations(List<DeclaredTopics> sources, KnownPolicies policies) {
		this.sources = List.copyOf(sources);
		this.policies = policies;
	}

	List<Described> all() {
		List<Described> all = new ArrayList<>();
		this.sources.stream()
			.flatMap((source) -> source.topics().stream())
			.distinct()
			.forEach((topic) -> add(topic, all));
		return all;
	}

	private void add(DeclaredTopic topic, List<Described> all) {
		String destination;
		try {
			destination = Destinations.ofName(topic.topic());
		}
		catch (IllegalArgumentException ex) {
			logger.debug("The AsyncAPI document leaves out the topic of {}", topic.source(), ex);
			return;
		}
		if (destination == null) {
			return;
		}
		Address address = new Address(destination, topic.parameters());
		all.add(Described.send(topic.source(), address,
				Described.Sent.of(topic.payload(), topic.type(), FrameHeaders.NUMBERED),
				"Published by " + topic.source()));
		TopicPolicy policy = this.policies.of(address);
		if (policy != null && policy.clientPublish()) {
			all.add(new Described(topic.source() + ".clients", Described.Action.RECEIVE, address,
					Described.Sent.of(topic.payload(), topic.type(), FrameHeaders.SENT), List.of(),
					"A client's SEND is published on the topic"));
		}
	}

}
