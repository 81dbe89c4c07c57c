package dev.realtime.spring;

/**
 * This node's name in the fleet.
 *
 * @param value unique in the fleet
 */
public record NodeId(String value) {
}
