/**
 * One running instance: wires the rooms, starts, drains and stops them. Imports all.
 * <p>
 * API: {@link dev.realtime.node.RealtimeNode}, {@link dev.realtime.node.PublisherNode},
 * {@link dev.realtime.node.FleetMember}, {@link dev.realtime.node.PublishListener} and
 * {@link dev.realtime.node.DrainListener}.
 */
@NullMarked
package dev.realtime.node;

import org.jspecify.annotations.NullMarked;
