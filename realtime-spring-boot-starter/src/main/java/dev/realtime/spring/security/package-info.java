/**
 * Who a client is, and who may read which topic outside STOMP. Imports the core's root
 * package only.
 * <p>
 * API: {@link dev.realtime.spring.security.ConnectAuthenticator},
 * {@link dev.realtime.spring.security.ConnectRequest},
 * {@link dev.realtime.spring.security.ConnectToken},
 * {@link dev.realtime.spring.security.ConnectRefusedException},
 * {@link dev.realtime.spring.security.JwtConnectAuthenticator},
 * {@link dev.realtime.spring.security.TopicAccess},
 * {@link dev.realtime.spring.security.AccessDecision},
 * {@link dev.realtime.spring.security.TopicRight},
 * {@link dev.realtime.spring.security.TopicAuthorization},
 * {@link dev.realtime.spring.security.SubscriptionTokens},
 * {@link dev.realtime.spring.security.SubscriptionGrant} and
 * {@link dev.realtime.spring.security.TokenGrants}.
 */
@NullMarked
package dev.realtime.spring.security;

import org.jspecify.annotations.NullMarked;
