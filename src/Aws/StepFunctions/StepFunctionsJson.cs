using System.Text.Json.Serialization;

namespace CacheBackup.Aws.StepFunctions;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StartExecutionRequest))]
[JsonSerializable(typeof(StartExecutionReply))]
[JsonSerializable(typeof(ExecutionRequest))]
[JsonSerializable(typeof(DescribeExecutionReply))]
[JsonSerializable(typeof(ListExecutionsRequest))]
[JsonSerializable(typeof(ListExecutionsReply))]
[JsonSerializable(typeof(StopExecutionRequest))]
[JsonSerializable(typeof(StopExecutionReply))]
[JsonSerializable(typeof(ExecutionHistoryRequest))]
[JsonSerializable(typeof(ExecutionHistoryReply))]
internal sealed partial class StepFunctionsJson : JsonSerializerContext;
