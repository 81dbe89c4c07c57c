/**
 * Backfill, snapshots, presence and unread counts over HTTP. Imports the core's root,
 * log, broker, presence, node and unread packages, and the starter's properties,
 * security, snapshot, publisher, unread and asyncapi.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.web;

import org.jspecify.annotations.NullMarked;
