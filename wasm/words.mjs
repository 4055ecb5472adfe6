// The words of the accessible view, English and Chinese.
const words = {
  en: {
    view: 'The playground as text', toolbar: 'Controls', step: 'Step', back: 'Back', play: 'Play', pause: 'Pause', compare: 'Comparison',
    delete: 'Delete a pod', node: 'Lose a node', update: 'Update the image', prepare: 'Add the missing workloads',
    fates: { name: 'Name', dns: 'DNS', data: 'Data', node: 'Node' },
    rest: 'Run to rest', restart: 'Restart', apply: 'Apply', objects: 'Objects', manifest: 'Manifest', file: 'File',
    position: (cursor, length) => `Step ${cursor} of ${length}`, nothing: 'Nothing has happened yet.', errorAt: (line, message) => `Line ${line}: ${message}`,
    loading: 'The playground is loading…', picture: 'Show the picture',
    unsupported: 'This browser cannot draw the picture (WebGL 2 is missing). Everything works here, as text.',
    version: 'Kubernetes version', canvas: 'The playground as a picture; the text view after it has all of it', object: 'Object', action: 'What happens to it', act: 'Do it',
    actions: { containerCrash: 'Crash the container', unready: 'Fail the readiness probe', ready: 'Let the readiness probe succeed', delete: 'Delete the pod',
      nodeLost: 'Lose this node', nodeBack: 'Bring this node back', failWrite: 'Fail the next API write once' },
    console: 'Console', line: 'Command line',
    failed: 'The playground could not be loaded:', applied: 'Applied.', sure: 'What was done here is forgotten, branches too. Start over?', startover: 'Reset the playground', copied: 'The link is copied. It holds this session.', inAddress: 'The link is in the address bar.', cutShort: 'This link is not whole: its session cannot be opened.',
  },
  zh: {
    view: '演练场的文字视图', toolbar: '控制', step: '单步', back: '后退', play: '播放', pause: '暂停', compare: '对比',
    delete: '删除一个 Pod', node: '让节点失联', update: '更新镜像', prepare: '补齐缺少的工作负载',
    fates: { name: '名称', dns: 'DNS', data: '数据', node: '节点' },
    rest: '运行到静止', restart: '重新开始', apply: '应用', objects: '对象', manifest: '清单', file: '文件',
    position: (cursor, length) => `第 ${cursor} 步，共 ${length} 步`, nothing: '还没有发生任何事。', errorAt: (line, message) => `第 ${line} 行：${message}`,
    loading: '演练场正在加载……', picture: '显示图形',
    unsupported: '此浏览器无法绘制图形（缺少 WebGL 2）。所有功能都可以在这里以文字使用。',
    version: 'Kubernetes 版本', canvas: '演练场的图形视图，其后的文字视图包含全部内容', object: '对象', action: '对它做什么', act: '执行',
    actions: { containerCrash: '让容器崩溃', unready: '让就绪探针失败', ready: '让就绪探针恢复', delete: '删除这个 Pod',
      nodeLost: '让节点失联', nodeBack: '让节点恢复', failWrite: '让下一次 API 写入失败' },
    console: '控制台', line: '命令行',
    failed: '演练场无法加载：', applied: '已应用。', sure: '这里做过的一切（包括分支）都会丢失。从头开始吗？', startover: '重置演练场', copied: '链接已复制，其中包含这次操作的全部内容。', inAddress: '链接已在地址栏中。', cutShort: '链接不完整，无法打开其中的操作。',
  },
};

export const languageOf = (tag) => (/^zh/i.test(tag ?? '') ? 'zh' : 'en');
export const wordsOf = (language) => words[language];
