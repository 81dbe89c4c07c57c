package dev.realtime.spring.journey;

/** Answers that are not read, in the servlet container. */
class UnreadAnswersIT extends UnreadAnswersContract {

}
