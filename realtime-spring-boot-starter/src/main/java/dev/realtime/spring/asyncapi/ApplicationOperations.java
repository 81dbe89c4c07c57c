package dev.realtime.spring.asyncapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.realtime.TopicPolicies;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.publisher.DeclaredTopics;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;

/**
 * What the application sends and receives, by the beans that it has when it is asked.
 * Public for our own packages; not for applications.
 */
public final class ApplicationOperations {

	private final ListableBeanFactory beans;

	private final KnownPolicies policies;

	private ApplicationOperations(ListableBeanFactory beans, KnownPolicies policies) {
		this.beans = beans;
		this.policies = policies;
	}

	/** Looks for the beans, all of which the application has made by then. */
	public static ApplicationOperations of(ListableBeanFactory beans) {
		return new ApplicationOperations(beans,
				new KnownPolicies(beans.getBeanProvider(TopicPolicies.class).getIfAvailable()));
	}

	/** Returns what is published on topics; in no particular order. */
	public List<Described> ofTopics() {
		return new TopicOperations(this.beans.getBeanProvider(DeclaredTopics.class).stream().toList(), this.policies)
			.all();
	}

	/** Returns what mapped methods receive and answer; in no particular order. */
	public List<Described> ofMethods() {
		List<Described> all = new ArrayList<>();
		String userPrefix = this.beans.getBean(Destinations.class).userPrefix();
		this.beans.getBeanProvider(SimpAnnotationMethodMessageHandler.class)
			.forEach((handler) -> all.addAll(new MappedMethods(handler, userPrefix).all()));
		return all;
	}

	/** Returns what clients may want to know of how a topic is kept, or null. */
	public @Nullable Map<String, Object> extension(Address address) {
		return this.policies.extension(address);
	}

	List<Described> all() {
		List<Described> all = new ArrayList<>(ofTopics());
		all.addAll(ofMethods());
		return all;
	}

	KnownPolicies policies() {
		return this.policies;
	}

}
