package dev.realtime.spring.guide;

import java.util.Map;
import java.util.Objects;

import dev.realtime.spring.asyncapi.AsyncApiCustomizer;

import org.springframework.stereotype.Component;

/** Names whom to ask, and leaves out what only administrators send. */
@Component
class HiddenOperations implements AsyncApiCustomizer {

	@Override
	public void customize(Map<String, Object> document) {
		object(document, "info").put("contact", Map.of("name", "Chat team", "email", "chat@example.com"));
		object(document, "operations").remove("AdminController.close");
		object(document, "channels").remove("app-admin-close");
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> object(Map<String, Object> parent, String name) {
		return (Map<String, Object>) Objects.requireNonNull(parent.get(name));
	}

}
