package dev.realtime.spring.asyncapi.app;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** What subscribers of a room get. */
public record ChatMessage(@JsonProperty(required = true) @JsonPropertyDescription("Who says it") String author,
		@JsonProperty("body") String text, Instant at, Mood mood, List<Attachment> attachments) {

	/** How it is meant. */
	public enum Mood {

		CALM, LOUD

	}

	/** A file. */
	public record Attachment(String name, long bytes) {
	}

}
