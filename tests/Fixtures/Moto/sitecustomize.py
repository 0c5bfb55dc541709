"""Makes moto_server answer conditional writes one at a time, as S3 does.

S3 checks If-Match and If-None-Match and writes in one step; moto checks, and then writes, in threads that run side by side, so that of racing
writes two can win. Python imports this module by its name when its folder is in PYTHONPATH.
"""

import sys
import threading


def serialise_conditional_writes():
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication

    answer = DomainDispatcherApplication.__call__
    one_at_a_time = threading.Lock()

    def call(self, environ, start_response):
        if "HTTP_IF_MATCH" in environ or "HTTP_IF_NONE_MATCH" in environ:
            with one_at_a_time:
                return answer(self, environ, start_response)
        return answer(self, environ, start_response)

    DomainDispatcherApplication.__call__ = call


if any(argument.endswith("moto_server") for argument in sys.orig_argv):
    serialise_conditional_writes()
