/**
 * The background loops of a node: threads that run tasks one after the other, contain
 * what a task throws, and report how they are. Imports nothing of ours.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.loop;

import org.jspecify.annotations.NullMarked;
