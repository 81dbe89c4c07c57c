package dev.realtime.sample.chat;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the pages are told.
 *
 * @param rooms the rooms that everybody sees; any other can be joined by its name
 */
@ConfigurationProperties("chat")
public record ChatProperties(List<String> rooms) {
}
