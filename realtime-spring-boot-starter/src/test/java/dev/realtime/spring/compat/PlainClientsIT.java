package dev.realtime.spring.compat;

/** They use the servlet endpoint. */
class PlainClientsIT extends PlainClientsContract {

}
