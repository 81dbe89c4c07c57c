package dev.realtime.spring;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.inspector}: a page for operators.
 *
 * @param enabled whether the actuator's endpoint {@code realtime} also has the page, at
 * {@code /actuator/realtime/inspector}
 */
public record InspectorProperties(@DefaultValue("false") boolean enabled) {
}
