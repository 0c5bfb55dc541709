"""Runs state machines in moto's interpreter of the Amazon States Language, which nobody of this project wrote.

Reads one JSON request a line and answers each with one JSON line:

  request   {"name", "definition", "input", "tasks"}          answers from a table, or
            {"name", "definition", "input", "answersUrl"}     POST {"function", "payload"} there for each call
  answer    {"status", "output", "error", "cause", "calls": [[function, payload], ...], "waits": [seconds, ...]}
            {"refused": "why"}                                 the definition was not accepted

A call of an AWS service is a call of the function "service:action"; its "message" is the error's cause.

"tasks" is {"Function": [answer, ...]}; an answer is {"returns": value}, {"fails": "ErrorType", "message": "..."} or
{"hangs": seconds}, and applies to any call, or with "when" only to calls with that payload. Each is used once, in order; the
last that applies stays.

Waits and the delays of retries are noted, not waited for. Time-outs run on the real clock.
"""

import functools
import json
import random
import re
import sys
import threading
import time
import urllib.request

import boto3
from moto import mock_aws
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function import wait_function
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils import json_path
from moto.stepfunctions.parser.backend import execution, execution_worker

REGION = "eu-central-1"
ROLE = "arn:aws:iam::123456789012:role/interpreter"
LONGEST_RUN = 60


class Answers:
    """The answers to one request's calls, and every call in the order in which they came."""

    def __init__(self, request):
        self._tasks = {name: list(answers) for name, answers in request.get("tasks", {}).items()}
        self._url = request.get("answersUrl")
        self._lock = threading.Lock()
        self.calls = []
        self.waits = []
        self.ended = threading.Event()

    def wait(self, seconds):
        with self._lock:
            self.waits.append(seconds)

    def take(self, function, payload):
        with self._lock:
            self.calls.append([function, payload])
            if self._url is None:
                return self._from_table(function, payload)
        body = json.dumps({"function": function, "payload": payload}).encode()
        request = urllib.request.Request(self._url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=LONGEST_RUN) as response:
            return json.load(response)

    def _from_table(self, function, payload):
        answers = self._tasks.get(function, [])
        fitting = [answer for answer in answers if "when" not in answer or answer["when"] == payload]
        if not fitting:
            return {"fails": "NoAnswer", "message": f"the script has no answer of {function} to this payload"}
        if len(fitting) > 1:
            answers.remove(fitting[0])
        return fitting[0]


current = None


def invoke(parameters, region, state_credentials):
    payload = json.loads(parameters["Payload"]) if "Payload" in parameters else {}
    answer = current.take(parameters["FunctionName"], payload)
    if "hangs" in answer:
        time.sleep(answer["hangs"])
        return {"Payload": None, "StatusCode": 200, "ExecutedVersion": "$LATEST"}
    if "fails" in answer:
        failure = {"errorType": answer["fails"], "errorMessage": answer.get("message", "")}
        return {"Payload": failure, "StatusCode": 200, "ExecutedVersion": "$LATEST", "FunctionError": "Unhandled"}
    return {"Payload": answer["returns"], "StatusCode": 200, "ExecutedVersion": "$LATEST"}


def call_service(self, env, resource_runtime_part, normalised_parameters, state_credentials):
    # moto asks boto3, which has names of its own for parameters and errors: here both are as the machine has them.
    answer = current.take(f"{self.resource.api_name}:{self.resource.api_action}", normalised_parameters)
    if "hangs" in answer:
        time.sleep(answer["hangs"])
        env.stack.append({})
        return
    if "fails" in answer:
        raise FailureEventException(self._get_task_failure_event(env=env, error=answer["fails"], cause=answer.get("message", "")))
    env.stack.append(answer["returns"])


class NotedSleep:
    @staticmethod
    def sleep(seconds):
        current.wait(seconds)


def start_with_text_time(original):
    # moto puts a datetime here, which no path can be read from.
    return lambda **fields: original(**{**fields, "StartTime": str(fields["StartTime"])})


def terminate(self):
    self._reflect_execution_status()
    current.ended.set()


# A definition is read when the machine is made and again at each run, and the reader of paths builds its grammar anew for each
# path: reading is most of the work, so each text is read once.
AmazonStateLanguageParser.parse = staticmethod(functools.cache(AmazonStateLanguageParser.parse))
json_path.parse = functools.cache(json_path.parse)
# moto gives a list for a member of an array's item ($.a[0].b): no path that can match only once gives one.
json_path._is_singleton_array_access = lambda path: re.fullmatch(r"\$+(\.\w+|\[\d+\])*", path) is not None
execution.BaseExecutionWorkerCommunication.terminated = terminate
lambda_eval_utils._invoke_lambda_function = invoke
StateTaskServiceAwsSdk._eval_service_task = call_service
StateTaskServiceAwsSdk._normalise_parameters = lambda self, parameters, *rest, **more: None
StateTaskServiceAwsSdk._normalise_response = lambda self, response, *rest, **more: None
retrier_decl.time = NotedSleep
wait_function.WaitFunction._wait_interval = lambda self, env, wait_seconds: current.wait(wait_seconds)
execution_worker.ExecutionData = start_with_text_time(execution_worker.ExecutionData)
random.uniform = lambda low, high: high


def read_output(text):
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        # moto gives an output that is a string without its quotes.
        return text


def interpret(client, request):
    global current
    current = answers = Answers(request)
    text = re.sub(r"\$\{([A-Za-z0-9_]+)\}", r"\1", json.dumps(request["definition"]))
    try:
        machine = client.create_state_machine(name=request["name"], definition=text, roleArn=ROLE)["stateMachineArn"]
    except client.exceptions.InvalidDefinition as refused:
        return {"refused": str(refused)}
    run = client.start_execution(stateMachineArn=machine, name="run-" + request["name"], input=json.dumps(request["input"]))["executionArn"]
    if not answers.ended.wait(LONGEST_RUN):
        return {"refused": "did not end"}
    seen = client.describe_execution(executionArn=run)
    return {
        "status": seen["status"],
        "output": read_output(seen["output"]) if seen["status"] == "SUCCEEDED" else None,
        "error": seen.get("error"),
        "cause": seen.get("cause"),
        "calls": answers.calls,
        "waits": answers.waits,
    }


def main():
    client = boto3.client("stepfunctions", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
    for line in sys.stdin:
        # A world of its own for each request: moto copies all that it holds at every start of an execution.
        with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
            answer = interpret(client, json.loads(line))
        print(json.dumps(answer), flush=True)


main()
