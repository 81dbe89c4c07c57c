/**
 * Web Push: a message for a user who is connected nowhere reaches their browsers all the
 * same. Read {@link OfflinePush} first. With the JDK alone: {@link Encryption} is RFC
 * 8291, {@link Vapid} is RFC 8292, {@link PushSender} is RFC 8030.
 */
@NullMarked
package dev.realtime.sample.chat.push;

import org.jspecify.annotations.NullMarked;
