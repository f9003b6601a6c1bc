// node run_onnx.js MODEL.onnx INPUT.safetensors: prints what ONNX Runtime makes of the inputs, a line of JSON a row.
// The inputs of the file are those of the model, by name. NODE_PATH names the folder with onnxruntime-node.
const fs = require('fs');
const ort = require('onnxruntime-node');

const types = { F32: ['float32', Float32Array], I64: ['int64', BigInt64Array], BOOL: ['bool', Uint8Array] };

function read(path) {
  const bytes = fs.readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, start));
  const tensors = {};
  delete header.__metadata__;
  for (const [name, { dtype, shape, data_offsets: [begin, end] }] of Object.entries(header)) {
    const [type, List] = types[dtype];
    tensors[name] = new ort.Tensor(type, new List(new Uint8Array(bytes.subarray(start + begin, start + end)).buffer), shape);
  }
  return tensors;
}

async function main(model, input) {
  const session = await ort.InferenceSession.create(model);
  const { logits } = await session.run(read(input));
  const width = logits.dims[1];
  for (let row = 0; row < logits.dims[0]; row++) {
    console.log(JSON.stringify(Array.from(logits.data.slice(row * width, (row + 1) * width))));
  }
}

main(process.argv[2], process.argv[3]).catch(error => {
  console.error(String(error));
  process.exit(1);
});
