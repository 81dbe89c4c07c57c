package dev.realtime.spring.journey;

/** Subscription tokens in the servlet container. */
class SubscriptionTokensIT extends SubscriptionTokensContract {

}
