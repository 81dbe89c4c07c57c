/**
 * A chat in which any number of nodes share rooms. Read {@link RoomController} first: it
 * is what an application writes; the rest is names, and what the page asks for.
 */
@NullMarked
package dev.realtime.sample.chat;

import org.jspecify.annotations.NullMarked;
