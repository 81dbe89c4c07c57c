package dev.realtime.spring.publisher.app;

import dev.realtime.spring.publisher.TopicPublisher;

/** A bean of the application implements it. */
public interface Greetings {

	/** Published by whatever bean implements it. */
	@TopicPublisher("greetings.{name}")
	String greet(String name);

}
