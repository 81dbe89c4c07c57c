package dev.realtime.spring.journey;

class SignalsIT extends SignalsContract {

}
