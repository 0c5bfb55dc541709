using System.Buffers;
using System.Text;
using System.Text.Json;
using CacheBackup.Core.Operations;

namespace CacheBackup.Aws.Watching;

/// <summary>
/// Metrics in CloudWatch's embedded metric format: one line of JSON for each value on the standard output of a function, from which
/// CloudWatch takes it. No call is made and nothing is waited for.
/// </summary>
/// <param name="space">The CloudWatch namespace.</param>
/// <param name="output">The function's standard output.</param>
public sealed class EmbeddedMetrics(string space, TextWriter output, TimeProvider time) : IMetrics
{
    private readonly Lock _writing = new();

    public void Record(Metric metric, double value)
    {
        if (!double.IsFinite(value))
        {
            return;
        }

        string line = LineOf(metric, value);
        try
        {
            lock (_writing)
            {
                // One write: lines of two tasks must not mix.
                output.Write(line);
                output.Flush();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Nobody reads the output any more; the job goes on.
        }
    }

    private string LineOf(Metric metric, double value)
    {
        ArrayBufferWriter<byte> line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            json.WriteStartObject("_aws");
            json.WriteNumber("Timestamp", time.GetUtcNow().ToUnixTimeMilliseconds());
            json.WriteStartArray("CloudWatchMetrics");
            json.WriteStartObject();
            json.WriteString("Namespace", space);

            // One metric over all caches: a dimension for each cache would be a metric, and a price, of its own.
            json.WriteStartArray("Dimensions");
            json.WriteStartArray();
            json.WriteEndArray();
            json.WriteEndArray();
            json.WriteStartArray("Metrics");
            json.WriteStartObject();
            json.WriteString("Name", metric.Name);
            json.WriteString("Unit", metric.Unit);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteNumber(metric.Name, value);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(line.WrittenSpan) + "\n";
    }
}
